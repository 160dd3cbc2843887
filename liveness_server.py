"""The documented entry point: `python liveness_server.py`, or `gunicorn -w 4 -b 0.0.0.0:5002 liveness_server:app`."""

if __name__ == "__main__":
    from lifesign.cli import main

    main(["serve"])
else:
    from lifesign.web.app import create_app

    app = create_app()
