"""The pages of bookings, mounted at the root."""

from django.urls import path

from bookings.web import arriving, booking, changing, checking, desk, feeds, meeting, mine, rooms, showing

urlpatterns = [
    path("boek", booking.book, name="book"),
    path("boek/houd-vast", booking.hold, name="booking-hold"),
    path("boek/<uuid:pk>", checking.check, name="booking-check"),
    path("boek/<uuid:pk>/langer", checking.extend, name="booking-extend"),
    path("boek/<uuid:pk>/toch-niet", checking.let_go, name="booking-let-go"),
    path("boeking/<slug:code>", showing.booking, name="booking"),
    path("boeking/<slug:code>/agenda.ics", showing.ics, name="booking-ics"),
    path("boeking/<slug:code>/ik-ben-er", arriving.check_in, name="booking-check-in"),
    path("boeking/<slug:code>/annuleer", changing.cancel, name="booking-cancel"),
    path("boeking/<slug:code>/verplaats", changing.move, name="booking-move"),
    path("boeking/<slug:code>/verplaats/controleer", changing.move_check, name="booking-move-check"),
    path("balie", desk.desk, name="desk"),
    path("balie/lijst", desk.print_list, name="desk-print"),
    path("balie/boek", desk.walk_in, name="desk-walk-in"),
    path("balie/<slug:code>/is-er", desk.arrive, name="desk-arrive"),
    path("balie/<slug:code>/niet-verschenen", desk.no_show, name="desk-no-show"),
    path("balie/<slug:code>/ongedaan", desk.undo, name="desk-undo"),
    path("ontmoeten", meeting.week, name="meeting-week"),
    path("ontmoeten/boek", meeting.book, name="meeting-book"),
    path("ruimte/<str:code>", rooms.space, name="space"),
    path("mijn", mine.mine, name="bookings-mine"),
    path("agenda/koppelen", feeds.feeds, name="feeds"),
    path("agenda/koppelen/<int:pk>/intrekken", feeds.revoke, name="feed-revoke"),
    path("agenda/<str:token>.ics", feeds.read, name="feed"),
]
