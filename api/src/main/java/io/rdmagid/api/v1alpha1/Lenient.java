package io.rdmagid.api.v1alpha1;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a record component: a JSON value that does not fit the component's type reads as null, and an
 * element that does not fit a list's type is left out, instead of making the whole object
 * unreadable. An informer of the Kubernetes client stops for good on one object that it cannot
 * read.
 */
@Target({ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER})
@Retention(RetentionPolicy.RUNTIME)
@JacksonAnnotationsInside
@JsonDeserialize(using = LenientDeserializer.class)
@interface Lenient {}
