"""The citizen's widget: one script for any page, its session, its demo and the page that writes its snippet."""
