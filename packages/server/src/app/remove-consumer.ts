export interface RemoveConsumerInput {
  readonly organization: string
  readonly consumer: string
}
export interface RemovedConsumer {
  readonly revision: number
}
