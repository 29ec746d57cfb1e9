/**
 * Commands to paste into a shell: start a workflow, then describe, cancel and reset it.
 * @param shellFile file with the local stack's environment
 */
export const commandsToTry = (shellFile: string): string =>
  `
. ${shellFile}

# an order that takes an hour to pack
temporal workflow start --task-queue "$TASK_QUEUE" --type cancellableOrder --workflow-id my-order --input '{"orderId":"my-order"}'

rewind show my-order
rewind cancel my-order --reason "changed my mind"
rewind points my-order
rewind reset my-order --to 4 --reason "changed it again"`.trim();
