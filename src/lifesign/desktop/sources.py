"""The choice of a source: cameras that are known, files that were opened."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QWidget

from lifesign.desktop.feed import Feed


class Sources(QWidget):
    """`chosen`: a feed. The two buttons ask for a file, and for a look at which cameras there are."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = QComboBox()
        self.file, self.search = QPushButton("Open file …"), QPushButton("Find cameras")
        label = QLabel("Source")
        label.setBuddy(self.box)
        self.box.setAccessibleName("Source")
        self.box.setMinimumContentsLength(16)
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.setPlaceholderText("None")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(label)
        layout.addWidget(self.box)
        layout.addWidget(self.file)
        layout.addWidget(self.search)
        self._feeds: list[Feed] = []
        self.show_cameras((0,))
        self.box.activated.connect(lambda place: self.chosen.emit(self._feeds[place]))

    def show_feed(self, feed: Feed) -> None:
        """This one is on."""
        place = next((i for i, known in enumerate(self._feeds) if known.name == feed.name), None)
        with QSignalBlocker(self.box):
            if place is None:
                self._feeds.append(feed)
                self.box.addItem(feed.name)
                place = len(self._feeds) - 1
            self._feeds[place] = feed
            self.box.setCurrentIndex(place)
        self.box.setToolTip(feed.name)

    def show_cameras(self, numbers: tuple[int, ...]) -> None:
        """These answered; other feeds stay."""
        current = self.box.currentText()
        others = [feed for feed in self._feeds if feed.number is None or feed.name == current]
        known = {feed.name for feed in others}
        found = [feed for feed in map(Feed.camera, numbers) if feed.name not in known]
        self._feeds = sorted((*found, *others), key=lambda feed: (feed.number is None, feed.number or 0))
        with QSignalBlocker(self.box):
            self.box.clear()
            self.box.addItems([feed.name for feed in self._feeds])
            self.box.setCurrentIndex(self.box.findText(current))
