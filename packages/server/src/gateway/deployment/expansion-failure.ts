/**
 * Why no request can be sent: a path parameter has an unsafe value, a value about the caller is too long, or a secret is
 * missing or has an unsafe value.
 */
export type ExpansionFailure =
  | { readonly target: undefined; readonly fault: 'path' | 'caller' }
  | {
      readonly target: undefined
      readonly fault: 'secret'
      readonly name: string
      /** Why, if that is known. */
      readonly reason?: string
    }
