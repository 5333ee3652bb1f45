export class HealthCheck {}
