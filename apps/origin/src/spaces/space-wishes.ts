export class SpaceWishes {}
