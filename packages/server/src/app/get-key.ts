export interface GetKeyInput {
  readonly organization: string
  readonly key: string
}
