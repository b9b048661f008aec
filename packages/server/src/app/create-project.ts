export interface CreateProjectInput {
  readonly organization: string
  readonly name: string
  readonly description?: string | null | undefined
}
