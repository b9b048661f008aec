import { useQuery } from '@tanstack/react-query'
import { externalKeysQuery } from '../data/external-keys.ts'
import { consumerNameQuery, keyNameQuery } from '../data/names.ts'
import { Id } from '../parts/id.tsx'
import { usePlace } from '../shell/organization.ts'

interface NameProps {
  readonly id: string
}

function Named({ id, name }: NameProps & { readonly name: string | null | undefined }) {
  return name == null ? <Id>{id}</Id> : <span title={id}>{name}</span>
}

/** A key by its name, or by its id as long as it has none. */
export function KeyName({ id }: NameProps) {
  return <Named id={id} name={useKeyName(id)} />
}

/**
 * The name of a key, or the label of one that another organization has issued; undefined as long as it is not known, and null if
 * it may not be. @param id empty for none
 */
export function useKeyName(id: string): string | null | undefined {
  const { organization, may } = usePlace()
  const { data: own } = useQuery({
    ...keyNameQuery(organization, id),
    enabled: id !== '' && may('keys.read'),
  })
  const { data: external } = useQuery({
    ...externalKeysQuery(organization),
    enabled: own === null && may('external-keys.read'),
  })
  return own ?? external?.find(({ keyId }) => keyId === id)?.label ?? own
}

/** A consumer by its name, or by its id as long as it has none. */
export function ConsumerName({ id }: NameProps) {
  return <Named id={id} name={useConsumerName(id)} />
}

/** The name of a consumer; undefined as long as it is not known, and null if it may not be. */
export function useConsumerName(id: string): string | null | undefined {
  const { organization, may } = usePlace()
  return useQuery({ ...consumerNameQuery(organization, id), enabled: may('consumers.read') }).data
}
