import type { CredentialsVerifyStep } from '@sallyport/core'
import { evaluate, valueOf } from './evaluate.ts'
import type { Message } from '../message/message.ts'
import { stepProblem, type Run, type RunnableStep, type StepOutcome } from './step.ts'

/**
 * Checks a username and password that expressions read from the message, and sets their consumer as the message's
 * identity. All failures have the same response.
 */
export function compileCredentialsVerify(step: CredentialsVerifyStep, pointer: string): RunnableStep {
  const expressions = [
    { pointer: `${pointer}/username`, text: step.username },
    { pointer: `${pointer}/password`, text: step.password },
  ]
  return {
    pointer,
    callsUpstream: false,
    readsMessage: true,
    async run(message, run) {
      const evaluated = await evaluate(run, message, expressions)
      if ('problem' in evaluated) return evaluated
      const [username, password] = evaluated.values.map(valueOf)
      if (typeof username !== 'string' || typeof password !== 'string') return stepProblem('basic_invalid')
      return await verify(run, message, username, password)
    },
  }
}

async function verify(run: Run, message: Message, username: string, password: string): Promise<StepOutcome> {
  const { snapshot, deps, environment, address } = run
  const fact = await deps.passwords.checkPassword(snapshot, {
    organization: environment.organization,
    environment: environment.name,
    username,
    password,
    address,
  })
  const consumer = fact.kind === 'valid' ? snapshot.consumer(fact.consumer) : undefined
  const isInEnvironment =
    consumer?.active === true &&
    consumer.organization === environment.organization &&
    consumer.environment === environment.name
  const { identity } = message
  // A caller with the API key of one consumer cannot log in as another.
  if (!isInEnvironment || (identity.consumerId ?? consumer.id) !== consumer.id)
    return stepProblem('basic_invalid')
  return {
    message: { ...message, identity: { ...identity, consumer: consumer.name, consumerId: consumer.id } },
  }
}
