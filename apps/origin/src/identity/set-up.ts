export class SetUp {}
