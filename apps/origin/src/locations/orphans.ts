export class Orphans {}
