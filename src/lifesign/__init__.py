"""Lifesign: a self-hosted face-liveness service. Importing the package loads no model runtime."""

__version__ = "0.1.0"
