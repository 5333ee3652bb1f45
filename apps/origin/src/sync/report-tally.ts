/** How many reports were stored, how many objects they named, and how long it took. */
export class ReportTally {
  count = 0;
  objects = 0;
  seconds = 0;

  note(objects: number, seconds: number): void {
    this.count += 1;
    this.objects += objects;
    this.seconds += seconds;
  }
}
