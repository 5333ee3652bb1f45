export class Templates {}
