export class AuditTrail {}
