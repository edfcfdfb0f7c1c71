"""The app in real browsers of a phone's size, against a running server."""
