export class SpaceViews {}
