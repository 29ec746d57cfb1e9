/** The activities that the owner of an image named when it was built: worker/build.ts replaces this module. */
export const imageActivities: object = {};
