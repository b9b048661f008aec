import type { CredentialsVerifyStep } from '@sallyport/core'
import { evaluate, valueOf } from './evaluate.ts'
import type { Message } from '../message/message.ts'
import { known, type Run, type RunnableStep, type StepOutcome } from './step.ts'

/**
 * Checks a username and a password that expressions take from the message, and goes on in the name of the consumer that
 * they belong to. Whatever is wrong with them, the answer is the same.
 */
export function compileCredentialsVerify(step: CredentialsVerifyStep, place: string): RunnableStep {
  const expressions = [
    { place: `${place}/username`, text: step.username },
    { place: `${place}/password`, text: step.password },
  ]
  return {
    place,
    callsUpstream: false,
    seesMessage: true,
    async run(message, run) {
      const evaluated = await evaluate(run, message, expressions)
      if ('problem' in evaluated) return evaluated
      const [username, password] = evaluated.values.map(valueOf)
      if (typeof username !== 'string' || typeof password !== 'string') return known('basic_invalid')
      return await verify(run, message, username, password)
    },
  }
}

async function verify(run: Run, message: Message, username: string, password: string): Promise<StepOutcome> {
  const { snapshot, tools, environment, address } = run
  const fact = await tools.passwords.verify(snapshot, {
    organization: environment.organization,
    environment: environment.name,
    username,
    password,
    address,
  })
  const consumer = fact.kind === 'valid' ? snapshot.consumer(fact.consumer) : undefined
  const isOfHere =
    consumer?.active === true &&
    consumer.organization === environment.organization &&
    consumer.environment === environment.name
  const { identity } = message
  // Whoever shows the API key of one consumer cannot log in as another.
  if (!isOfHere || (identity.consumerId ?? consumer.id) !== consumer.id) return known('basic_invalid')
  return {
    message: { ...message, identity: { ...identity, consumer: consumer.name, consumerId: consumer.id } },
  }
}
