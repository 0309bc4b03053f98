"""Journeys: one customer followed through the worlds of two arms."""

from trafficsim.journeys.events import Event, Track, follow
from trafficsim.journeys.journey import Journey, JourneyError, Profile, journey
from trafficsim.journeys.picking import PICKS, NobodyError, Pick

__all__ = ["PICKS", "Event", "Journey", "JourneyError", "NobodyError", "Pick", "Profile", "Track", "follow", "journey"]
