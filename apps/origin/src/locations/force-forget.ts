export class ForceForget {}
