export interface FieldError {
  /** JSON Pointer to the field, for example /customerId. */
  pointer: string;
  code: string;
  detail: string;
}
