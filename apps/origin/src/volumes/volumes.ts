export class Volumes {}
