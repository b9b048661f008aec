export interface GetConformityInput {
  readonly organization: string
  readonly environment: string
}
