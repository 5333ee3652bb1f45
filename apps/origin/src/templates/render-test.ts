export class RenderTest {}
