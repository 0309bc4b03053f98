"""Journeys: one customer followed through the worlds of two arms."""

from trafficsim.journeys.events import Event, Track, follow
from trafficsim.journeys.picking import PICKS, NobodyError, Pick
from trafficsim.journeys.two_worlds import Journey, JourneyError, Profile, journey

__all__ = ["PICKS", "Event", "Journey", "JourneyError", "NobodyError", "Pick", "Profile", "Track", "follow", "journey"]
