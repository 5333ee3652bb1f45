export class SignIn {}
