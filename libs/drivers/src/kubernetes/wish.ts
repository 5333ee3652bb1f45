/** Something of a template that needs leave, and the exception that gives it; null where nothing can. */
export interface Wish {
  readonly what: string;
  readonly exception: string | null;
}
