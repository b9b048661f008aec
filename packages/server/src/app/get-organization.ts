export interface GetOrganizationInput {
  readonly organization: string
}
