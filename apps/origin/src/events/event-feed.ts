export class EventFeed {}
