import type { FastifyRequest } from 'fastify'
import type { MemberActor } from '../../app/access/authenticate-session.ts'
import type { OperationContext } from '../../app/access/context.ts'
import type { PeopleApi } from './people-api.ts'
import { memberOf } from './require-session.ts'

/**
 * Tries a code of the second factor of the person who is signed in. Wrong codes are counted apart from wrong passwords:
 * a right password must not give anybody more codes to guess.
 *
 * @throws Problem `rate_limited`, or whatever `prove` throws
 */
export async function attemptCode<T>(
  { operations, limits }: Pick<PeopleApi, 'operations' | 'limits'>,
  request: FastifyRequest,
  code: string,
  prove: (context: OperationContext, member: MemberActor, code: string) => Promise<T>,
): Promise<T> {
  const member = memberOf(request)
  return await limits.attempt(
    { account: `second-factor ${member.person.id}`, address: request.ip, isInSession: true },
    async () => await prove(operations.contextOf(request), member, code),
  )
}
