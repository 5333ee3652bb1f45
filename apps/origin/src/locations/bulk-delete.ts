export class BulkDelete {}
