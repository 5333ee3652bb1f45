export class SpaceEdits {}
