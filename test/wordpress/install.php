<?php
/** Installs WordPress with the theme and the plugin, a subscriber beside the administrator; run from the command line. */

define( 'WP_INSTALLING', true );
require $argv[1] . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
require_once ABSPATH . 'wp-admin/includes/plugin.php';

wp_install( 'Acme CRM', 'admin', 'admin@acme.example', true, '', 'password' );
wp_create_user( 'reader', 'password', 'reader@acme.example' );
switch_theme( 'plain' );
$failed = activate_plugin( 'onramp-pixel/onramp-pixel.php' );
if ( is_wp_error( $failed ) ) {
	fwrite( STDERR, $failed->get_error_message() );
	exit( 1 );
}
