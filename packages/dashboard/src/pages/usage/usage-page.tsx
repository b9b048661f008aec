import { PageHead } from '../../parts/page-head.tsx'
import { Split } from '../../parts/split.tsx'
import { t } from '../../texts/texts.ts'

/** To be filled. */
export function UsagePage() {
  return (
    <Split panel={false}>
      <PageHead title={t.shell.pages.usage} />
    </Split>
  )
}
