import type { CredentialsVerifyStep } from '@sallyport/core'
import { evaluate, valueOf } from './evaluate.ts'
import type { Message } from '../message/message.ts'
import { stepProblem, type Run, type RunnableStep, type StepOutcome } from './step.ts'

const WRONG: { readonly detail: string } = {
  detail:
    'The username or the password is wrong, or one of them is missing. Send both where the pipeline reads them; its owner knows the place.',
}

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
      if (typeof username !== 'string' || typeof password !== 'string') {
        return stepProblem('basic_invalid', WRONG)
      }
      return await verify(run, message, username, password)
    },
  }
}

async function verify(run: Run, message: Message, username: string, password: string): Promise<StepOutcome> {
  const { deps, environment, address } = run
  const fact = await deps.passwords.checkPassword(deps.cell.current, {
    organization: environment.organization,
    environment: environment.name,
    username,
    password,
    address,
  })
  // The credential can be removed while the run waits for its body or for the verification.
  const snapshot = deps.cell.current
  const credential = fact.kind === 'valid' ? snapshot.basicCredentialById(fact.credential ?? '') : undefined
  const consumer = credential === undefined ? undefined : snapshot.consumer(credential.consumer)
  const isInEnvironment =
    consumer?.active === true &&
    consumer.organization === environment.organization &&
    consumer.environment === environment.name
  const { identity } = message
  // A caller with the API key of one consumer cannot log in as another.
  if (!isInEnvironment || credential === undefined || (identity.consumerId ?? consumer.id) !== consumer.id)
    return stepProblem('basic_invalid', WRONG)
  const { id: basicCredential } = credential
  run.exchange.addCredential(basicCredential)
  return {
    message: {
      ...message,
      identity: { ...identity, consumer: consumer.name, consumerId: consumer.id, basicCredential },
    },
  }
}
