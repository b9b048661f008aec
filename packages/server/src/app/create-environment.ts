export interface CreateEnvironmentInput {
  readonly organization: string
  readonly name: string
  /** Its place in the order of promotion; the last one unless said. */
  readonly position?: number | undefined
}
