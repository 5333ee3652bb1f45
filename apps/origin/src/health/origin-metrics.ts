export class OriginMetrics {}
