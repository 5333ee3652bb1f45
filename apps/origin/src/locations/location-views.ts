export class LocationViews {}
