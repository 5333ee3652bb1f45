/** Something a template asks for that is not allowed by itself. */
export interface Wish {
  /** Completes "asks for ...". */
  readonly what: string;
  /** The exception that allows it; null for what no exception does. */
  readonly exception: string | null;
}
