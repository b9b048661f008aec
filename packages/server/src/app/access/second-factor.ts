import type { Reader } from '../../store/port/store.ts'
import { conflict } from '../refusals.ts'

/** Whether a person has a second factor: an authenticator app whose first code was verified. */
export async function hasSecondFactor(
  { secondFactors }: Pick<Reader, 'secondFactors'>,
  person: string,
): Promise<boolean> {
  const authenticator = await secondFactors.authenticator(person)
  return authenticator !== undefined && authenticator.confirmedAtMs !== null
}

/** @throws Problem `conflict` */
export async function requireSecondFactor(
  readers: Pick<Reader, 'secondFactors'>,
  person: string,
): Promise<void> {
  if (await hasSecondFactor(readers, person)) return
  throw conflict('You have no authenticator app. Add one with POST /v1/person/second-factor.')
}
