import { ApiSchema } from '../openapi/api.decorator.js';

/** Every error of the API, as application/problem+json; further members hold facts for programs. */
@ApiSchema({ name: 'Problem' })
export class ProblemDto {
  /** `urn:knot:error:<code>` */
  type!: string;
  title!: string;
  /** HTTP status */
  status!: number;
  /** Stable code; match by this. */
  code!: string;
  /** What happened, one sentence. */
  detail!: string;
  /** What to do about it; may be empty. */
  hint!: string;
}
