"""Meetings: places and waiting lists, reminders, a calendar file, the door."""

from bot.conversation.context import Parts
from bot.kinds.manifest import Desk, Manifest
from bot.kinds.meeting import calendar, clock, effects, public, seats
from bot.kinds.meeting.desk import PATH, MeetingDesk
from bot.kinds.meeting.door.desk import PhonePages
from bot.kinds.meeting.door.page import PATH as DOOR
from bot.kinds.meeting.door.page import DoorPage
from bot.kinds.meeting.door.ticket_page import PATH as TICKET
from bot.kinds.meeting.door.ticket_page import TicketPage
from bot.kinds.meeting.group_pages import GroupPages
from bot.kinds.meeting.outcome_pages import OutcomePages
from bot.kinds.meeting.own_data import OWN_DATA
from flows.kinds.meeting.seat import LeaveSeat, StillComes, TakeSeat

MANIFEST = Manifest(
    "meeting",
    conversation=Parts(
        effects={
            TakeSeat: effects.take_seat,
            LeaveSeat: effects.leave_seat,
            StillComes: effects.still_comes,
        },
        look_ups={"meeting_seat": effects.seat},
        withdrawn={"meeting": effects.withdrawn},
        own_data=(OWN_DATA,),
    ),
    besides=seats.counted,
    amending=seats.room_for_all,
    public=public.SECTION,
    desk=Desk(
        PATH,
        "meeting_desk.meetings",
        lambda services, pages: (
            MeetingDesk(services, pages),
            GroupPages(services, pages),
            OutcomePages(services, pages),
            TicketPage(services, pages),
            PhonePages(services, pages),
            DoorPage(services, pages),
            calendar.CalendarFile(services, pages),
        ),
        {
            PATH: "staff: read",
            f"{PATH}/{{code}}": "staff: read",
            f"{PATH}/{{code}}/do": "staff: door",
            f"{PATH}/{{code}}/sheet": "staff: door",
            f"{PATH}/{{code}}/sheet.pdf": "staff: door",
            f"{PATH}/{{code}}/outcome": "staff: read",
            f"{PATH}/{{code}}/outcome/do": "staff: publish",
            f"{PATH}/{{code}}/outcome/photos": "staff: publish",
            f"{PATH}/{{code}}/outcome/photos/{{id}}": "staff: read",
            f"{PATH}/{{code}}/groups": "staff: door",
            f"{PATH}/{{code}}/groups/do": "staff: publish",
            f"{PATH}/{{code}}/groups.csv": "staff: door",
            f"{PATH}/{{code}}/phones": "staff: door",
            f"{PATH}/{{code}}/phones/do": "staff: door",
            TICKET: "the holder of the ticket",
            DOOR: "everyone: a page with nobody on it",
            "/door-worker.js": "everyone",
            f"{DOOR}/sync": "the holder of a telephone's link",
            calendar.PATH: "everyone: meetings that were opened",
        },
    ),
    clock=clock.look,
)
