export class Users {}
