export interface GetConsumerInput {
  readonly organization: string
  readonly consumer: string
}
