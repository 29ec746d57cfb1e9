/** Further activities of an image. worker/build.ts replaces this module with those named when the image is built. */
export const imageActivities: object = {};
