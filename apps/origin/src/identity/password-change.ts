export class PasswordChange {}
