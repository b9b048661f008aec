import { isKeyId } from '@sallyport/core'
import type { Reader } from '../../store/port/store.ts'

/**
 * The name of an actor for a notice. Of a key of another organization it is only the id.
 *
 * @param id of a person or a key, as audit records have it
 */
export async function nameOfActor(
  { people, keys }: Pick<Reader, 'people' | 'keys'>,
  organization: string,
  id: string,
): Promise<string> {
  const actor = isKeyId(id) ? await keys.get(organization, id) : await people.get(id)
  return actor?.name ?? id
}
