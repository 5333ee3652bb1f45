export class LocationDeeds {}
