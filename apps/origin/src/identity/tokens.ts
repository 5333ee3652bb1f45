export class Tokens {}
