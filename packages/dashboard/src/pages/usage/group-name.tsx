import { ConsumerName, KeyName } from '../../names/names.tsx'
import { Absent } from '../../parts/absent.tsx'
import { Id } from '../../parts/id.tsx'
import { t } from '../../texts/texts.ts'
import type { Group } from './search.ts'

interface GroupNameProps {
  readonly by: Group
  readonly group: string | null
}

/** A group as people call it. */
export function GroupName({ by, group }: GroupNameProps) {
  const { without } = t.usage
  if (group === null)
    return <Absent>{by === 'key' || by === 'consumer' ? without[by] : without.other}</Absent>
  switch (by) {
    case 'key':
      return <KeyName id={group} />
    case 'consumer':
      return <ConsumerName id={group} />
    case 'code':
      return <Id>{group}</Id>
    case 'pipeline':
    case 'version':
    case 'environment':
      return group
  }
}
