import { NothingFits } from '../../parts/states/empty-list.tsx'
import { t } from '../../texts/texts.ts'

/** What stands where no event fits. A log is never empty: it begins with its organization. */
export function NoEvents() {
  const { title, text, clear } = t.audit.empty
  return <NothingFits title={title} text={text} clear={clear} />
}
